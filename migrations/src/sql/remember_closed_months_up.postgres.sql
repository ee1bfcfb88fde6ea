insert into closed_months (organization_id, provider_id, through, closed_at)
select organization_id, provider_id, max(month), max(updated_at) from invoices where state <> 'open'
group by organization_id, provider_id;
