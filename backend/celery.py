"""The Celery application. Tasks carry ids only. Beat runs in UTC and starts sweeps; two beats do no harm."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery("mooring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver what is due": {"task": "backend.outbox.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "expire holds": {"task": "scheduling.tasks.expire_holds", "schedule": 60.0, "options": {"expires": 55}},
    "tell of short cohorts": {"task": "scheduling.tasks.short_cohorts", "schedule": 600.0, "options": {"expires": 590}},
    "continue standing appointments": {
        "task": "scheduling.tasks.continue_standing",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "reconcile payments": {"task": "billing.tasks.reconcile", "schedule": 600.0, "options": {"expires": 590}},
    "forget answers": {"task": "front.api.tasks.purge_kept_answers", "schedule": 3600.0, "options": {"expires": 3000}},
}
