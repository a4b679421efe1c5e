"""Only in local mode: station/urls.py includes it where no SMS gateway is needed."""

from django.urls import path

from bookings.messages import views

urlpatterns = [path("outbox/", views.outbox, name="dev_outbox")]
