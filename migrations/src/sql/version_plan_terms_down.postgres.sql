ALTER TABLE plans ADD COLUMN billing_period text;
ALTER TABLE plans ADD COLUMN proration text;
ALTER TABLE plans ADD COLUMN charge_mode text;
ALTER TABLE plans ADD COLUMN setup_fee bigint;
UPDATE plans SET
    billing_period = (SELECT billing_period FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    proration = (SELECT proration FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    charge_mode = (SELECT charge_mode FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1),
    setup_fee = (SELECT setup_fee FROM plan_terms WHERE plan_terms.plan_id = plans.id ORDER BY plan_terms.version DESC LIMIT 1);
ALTER TABLE plans ALTER COLUMN billing_period SET NOT NULL;
ALTER TABLE plans ALTER COLUMN proration SET NOT NULL;
ALTER TABLE plans ALTER COLUMN charge_mode SET NOT NULL;
ALTER TABLE plans ALTER COLUMN setup_fee SET NOT NULL;
