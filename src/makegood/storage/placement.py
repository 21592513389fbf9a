"""Where the rows of a model live once the schema is spread over many machines."""

from enum import StrEnum


class Placement(StrEnum):
    """Each model names one as `placement`; a test holds the schema to its rules.

    Distributed tables carry `merchant_id` first in every key and reference only
    tables of the same merchant or reference tables. Reference tables are small and
    copied everywhere. Local tables live beside the web process and nothing of
    volume points at them.
    """

    DISTRIBUTED = "distributed"
    REFERENCE = "reference"
    LOCAL = "local"
