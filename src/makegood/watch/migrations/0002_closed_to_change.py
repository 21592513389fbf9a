from django.db import migrations

from makegood.storage.operations import append_only, foreign_key

LINE = ["merchant_id", "line_id"]
KEY = ["merchant_id", "id"]


class Migration(migrations.Migration):
    dependencies = [("watch", "0001_initial"), ("trade", "0001_initial")]
    operations = [
        append_only("watch_breach"),
        foreign_key("watch_breach", LINE, "trade_line", KEY),
        foreign_key("watch_openpromise", LINE, "trade_line", KEY),
    ]
