"""The addresses of the public pages."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path, register_converter

from codes.converters import CodeConverter, ModifierConverter, QuarterConverter
from codes.pages import (
    about_views,
    browse_views,
    code_views,
    compare_views,
    contact_views,
    release_views,
    search_views,
)
from codes.pages.feeds import ReleaseFeed
from codes.pages.frame import kept
from codes.pages.sitemaps import SITEMAPS

register_converter(CodeConverter, "code")
register_converter(ModifierConverter, "modifier")
register_converter(QuarterConverter, "quarter")

app_name = "codes"

urlpatterns = [
    path("", code_views.home, name="home"),
    path("codes/", search_views.code_list, name="code_list"),
    path("suggestions/", search_views.suggestions, name="suggestions"),
    path("codes/<code:code>/", code_views.code, name="code"),
    path("codes/<str:spelling>/", code_views.code_spelling, name="code_spelling"),
    path("compare/", compare_views.compare, name="compare"),
    path("modifiers/", code_views.modifier_list, name="modifier_list"),
    path("modifiers/<modifier:code>/", code_views.modifier, name="modifier"),
    path("modifiers/<str:spelling>/", code_views.modifier_spelling, name="modifier_spelling"),
    path("sections/", browse_views.section_list, name="section_list"),
    path("sections/<slug:key>/", browse_views.section, name="section"),
    path("families/<slug:key>/", browse_views.family, name="family"),
    path("traits/", browse_views.trait_list, name="trait_list"),
    path("traits/<slug:key>/", browse_views.trait, name="trait"),
    path("specialties/", browse_views.specialty_list, name="specialty_list"),
    path("specialties/<slug:key>/", browse_views.specialty, name="specialty"),
    path("denials/", browse_views.denial_list, name="denial_list"),
    path("denials/<slug:key>/", browse_views.denial, name="denial_category"),
    path("faqs/", browse_views.faq_list, name="faq_list"),
    path("releases/", release_views.release_list, name="release_list"),
    path("releases/feed/", kept(ReleaseFeed()), name="release_feed"),
    path("releases/<quarter:quarter>/", release_views.release, name="release"),
    path("about/data/", about_views.about_data, name="about_data"),
    path("about/corrections/", about_views.corrections, name="about_corrections"),
    path("about/terms/", about_views.about_terms, name="about_terms"),
    path("about/privacy/", contact_views.about_privacy, name="about_privacy"),
    path("contact/", contact_views.contact, name="contact"),
    path("contact/thanks/", contact_views.contact_thanks, name="contact_thanks"),
    path("estimate/", contact_views.estimate, name="estimate"),
    path("robots.txt", about_views.robots, name="robots"),
    path("llms.txt", about_views.llms, name="llms"),
    path(
        "sitemap.xml",
        kept(sitemap_views.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "codes:sitemap"},
        name="sitemap_index",
    ),
    path(
        "sitemap-<slug:section>.xml",
        kept(sitemap_views.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
]
