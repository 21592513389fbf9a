from django.db import migrations

from makegood.storage.operations import append_only, foreign_key


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0001_initial"), ("people", "0001_initial")]
    operations = [
        append_only("enrolment_publication"),
        append_only("enrolment_policy"),
        append_only("enrolment_platformrules"),
        append_only("enrolment_breaker"),
        append_only("enrolment_coverage"),
        foreign_key("enrolment_enrolment", ["merchant_id"], "people_merchant", ["id"]),
        foreign_key("enrolment_coverage", ["merchant_id"], "people_merchant", ["id"]),
    ]
