from django.db import migrations

from makegood.storage.operations import append_only, foreign_key

LINE = ["merchant_id", "line_id"]
KEY = ["merchant_id", "id"]


class Migration(migrations.Migration):
    dependencies = [("compensation", "0001_initial"), ("trade", "0001_initial")]
    operations = [
        append_only("compensation_award"),
        foreign_key("compensation_award", LINE, "trade_line", KEY),
        foreign_key("compensation_hold", LINE, "trade_line", KEY),
    ]
