"""费用赔偿: awards, holds, the waterfall and the brakes."""
