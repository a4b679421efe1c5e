"""How every form of the site is drawn: label, help, error beside its field."""

from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop

# Django's own words, said in Chinese as what to do (the catalogue of this site goes before Django's)
gettext_noop("This field is required.")


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
