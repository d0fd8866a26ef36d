"""Every address of the portal, by the part that answers it."""

from django.contrib import admin
from django.urls import include, path

from guidance.admin.links import read_preview
from hcpcs_portal.health import livez, readyz

urlpatterns = [
    path("", include("codes.pages.urls")),
    path("api/v1/", include("codes.api.urls")),
    path("admin/", include("hcpcs_portal.sign_in")),
    path("admin/", admin.site.urls),
    path("preview/<str:token>/", read_preview, name="preview"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]

handler404 = "codes.pages.frame.no_such_page"
