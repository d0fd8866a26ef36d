"""Every address of the portal, by the part that answers it."""

from django.contrib import admin
from django.urls import include, path

from hcpcs_portal.health import livez, readyz

urlpatterns = [
    path("", include("codes.pages.urls")),
    path("api/v1/", include("codes.api.urls")),
    path("admin/", include("hcpcs_portal.sign_in")),
    path("admin/", admin.site.urls),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]

handler404 = "codes.pages.frame.no_such_page"
