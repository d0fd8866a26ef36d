"""The addresses of the REST interface, below /api/v1/."""

from csp.decorators import csp_update
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from rest_framework.routers import SimpleRouter

from codes.api import views

app_name = "api"

router = SimpleRouter()
router.register("codes", views.CodeViewSet, basename="code")
router.register("faqs", views.FaqViewSet, basename="faq")
router.register("sections", views.SectionViewSet, basename="section")
router.register("families", views.FamilyViewSet, basename="family")
router.register("traits", views.TraitViewSet, basename="trait")
router.register("specialties", views.SpecialtyViewSet, basename="specialty")
router.register("denial-categories", views.DenialCategoryViewSet, basename="denial-category")

# The reference draws its arrows from data: addresses in its style sheet.
reference = csp_update({"img-src": ["data:"]})(TemplateView.as_view(template_name="api/docs.html"))

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("schema/", views.Schema.as_view(), name="schema"),
    path("docs/", reference, name="docs"),
    path("", include(router.urls)),
    # With its slash only, so that an address that merely lacks one is led to the right one.
    re_path(r".*/$", views.UnknownView.as_view(), name="unknown"),
]
