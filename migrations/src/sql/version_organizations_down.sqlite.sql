alter table organizations add column legal_name text not null default '';
alter table organizations add column registration_number text not null default '';
alter table organizations add column vat_number text not null default '';
alter table organizations add column address text not null default '';
alter table organizations add column country text not null default '';
alter table organizations add column tax_percent bigint not null default 0;
alter table organizations add column time_zone text not null default '';

update organizations set
    legal_name = (select legal_name from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    registration_number = (select registration_number from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    vat_number = (select vat_number from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    address = (select address from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    country = (select country from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    tax_percent = (select tax_percent from organization_versions v where v.organization_id = organizations.id order by valid_from desc limit 1),
    time_zone = json_extract(zones, '$[#-1].name');

alter table organizations drop column zones;
