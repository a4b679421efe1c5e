"""The technical admin: setting up districts, stations, beds, policies and staff. No guest is in it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

import bookings.people.admin  # noqa: F401 registers the staff's accounts
from bookings.applications.models import Application
from bookings.desk.models import Service
from bookings.desk.register.formats import FORMATS
from bookings.people.models import Membership
from bookings.places.models import Bed, District, Policy, Room, Station

admin.site.site_header = admin.site.site_title = "青年驿站 · Youth Station"


class RoomInline(admin.TabularInline):
    model = Room
    extra = 0
    show_change_link = True


class ServiceInline(admin.TabularInline):
    model = Service
    extra = 0


class BedInline(admin.TabularInline):
    model = Bed
    extra = 0


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["code", "name_zh", "name_en", "hotline"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "register_format":  # the desk's formats lie above the places
            choices = [(name, one.TITLE) for name, one in FORMATS.items()]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Station)
class StationAdmin(admin.ModelAdmin):
    """Once somebody has applied, it stays in its district and keeps its address: its guests are counted
    there under that name."""

    list_display = ["name_zh", "district", "phone", "is_open"]
    list_filter = ["district"]
    inlines = [RoomInline, ServiceInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Station | None = None) -> list[str]:
        used = obj is not None and Application.objects.filter(station=obj).exists()
        return ["district", "slug"] if used else []


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    list_display = ["name", "station", "sex", "floor"]
    list_filter = ["station"]
    inlines = [BedInline]


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """A version that a decision has used is read-only: a new version follows it."""

    list_display = ["district", "version", "valid_from", "nights", "review"]

    def has_change_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        used = obj is not None and obj.decisions.exists()
        return not used and super().has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        latest = Policy.objects.order_by("pk").last()
        return {"version": latest.version + 1 if latest else 1}


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "district", "role", "is_active"]
    list_filter = ["district", "role"]
    filter_horizontal = ["stations"]
