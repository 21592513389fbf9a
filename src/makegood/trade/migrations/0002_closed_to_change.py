from django.db import migrations

from makegood.storage.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("trade", "0001_initial")]
    operations = [append_only("trade_fact")]
