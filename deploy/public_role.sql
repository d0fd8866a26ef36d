-- The database role of processes that serve the public alone: it reads what is public, counts
-- readings, and puts messages in the inbox without being able to read them.
--
--     psql --set ON_ERROR_STOP=1 --file deploy/public_role.sql DATABASE
--
-- Run it as the owner of the tables, after each migration; give the role a password once. A new
-- table of the public's is named here, or the public cannot read it.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_public') THEN
        CREATE ROLE portal_public LOGIN NOINHERIT;
    END IF;
END
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_public;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM portal_public;
GRANT USAGE ON SCHEMA public TO portal_public;

-- What CMS says, and the entries as published.
GRANT SELECT ON
    codes_changenumber,
    codes_code,
    codes_codechange,
    codes_codeperiod,
    codes_coderelation,
    codes_codeversion,
    codes_correction,
    codes_entry,
    codes_entrychange,
    codes_entryfacet,
    codes_entryfaq,
    codes_entryguidance,
    codes_family,
    codes_modifier,
    codes_modifierchange,
    codes_modifierperiod,
    codes_modifierversion,
    codes_publication,
    codes_release,
    codes_searchterm,
    codes_section,
    codes_trait,
    codes_traitmembership,
    codes_writtenhistory
TO portal_public;

-- What an entry for another day is composed of: published guidance and vocabularies, no draft.
GRANT SELECT ON
    guidance_calltoaction,
    guidance_cptreference,
    guidance_denialcategory,
    guidance_denialcategory_sources,
    guidance_publishedguidance,
    guidance_source,
    guidance_specialty
TO portal_public;

-- What readers leave behind.
GRANT SELECT, INSERT, UPDATE ON codes_monthlycount TO portal_public;
GRANT INSERT ON codes_contactrequest TO portal_public;
