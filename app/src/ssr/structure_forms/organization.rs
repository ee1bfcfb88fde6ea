//! An organization as its form has it, and back.

use model::{Currency, Fixed, NewOrganization, OrganizationDetail, OrganizationId};

use crate::{error::AppError, form::FormFields, offering_form::FormReader, reply::FormReply, routes};

/// The organization that the form describes.
pub fn new_organization(form: &FormFields) -> Result<NewOrganization, AppError> {
    let mut read = FormReader::new(form);
    let slug = read.text("slug");
    let zone = read.text("time_zone");
    let new = NewOrganization {
        name: read.text("name"),
        slug: Some(slug).filter(|slug| !slug.is_empty()),
        legal_name: read.text("legal_name"),
        registration_number: read.text("registration_number"),
        vat_number: read.text("vat_number"),
        address: read.text("address"),
        country: read.text("country"),
        email: read.text("email"),
        bank_account: read.text("bank_account"),
        currency: read.one_of("currency", |text| text.parse().ok(), Currency::Eur),
        tax_percent: read.number_or("tax_percent", Fixed::ZERO),
        time_zone: if zone.is_empty() { "UTC".to_owned() } else { zone },
        is_provider: form.is_on("is_provider"),
        provider_description: read.text("provider_description"),
    };
    read.done(new)
}

/// The stored organization with what the form has. How it sells is changed only where the form asks for it.
pub fn changed_organization(
    form: &FormFields,
    stored: OrganizationDetail,
) -> Result<OrganizationDetail, AppError> {
    let typed = new_organization(form)?;
    let changed = OrganizationDetail {
        name: typed.name,
        legal_name: typed.legal_name,
        registration_number: typed.registration_number,
        vat_number: typed.vat_number,
        address: typed.address,
        country: typed.country,
        email: typed.email,
        time_zone: typed.time_zone,
        ..stored
    };
    let changed = if form.has("bank_account") {
        OrganizationDetail {
            bank_account: typed.bank_account,
            provider_description: typed.provider_description,
            ..changed
        }
    } else {
        changed
    };
    if !form.has("tax_percent") {
        return Ok(changed);
    }
    Ok(OrganizationDetail {
        currency: typed.currency,
        tax_percent: typed.tax_percent,
        is_provider: typed.is_provider,
        ..changed
    })
}

/// What is stored, as the form starts with it.
pub fn stored_organization(stored: &OrganizationDetail) -> FormReply {
    let texts = [
        ("name", stored.name.clone()),
        ("legal_name", stored.legal_name.clone()),
        ("registration_number", stored.registration_number.clone()),
        ("vat_number", stored.vat_number.clone()),
        ("address", stored.address.clone()),
        ("country", stored.country.clone()),
        ("email", stored.email.clone()),
        ("bank_account", stored.bank_account.clone()),
        ("currency", stored.currency.code().to_owned()),
        ("tax_percent", stored.tax_percent.to_string()),
        ("time_zone", stored.time_zone.clone()),
        ("is_provider", stored.is_provider.to_string()),
        ("provider_description", stored.provider_description.clone()),
    ];
    let fields = texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    FormReply {
        fields,
        problem: None,
    }
}

/// The page of an organization's settings that a form stands on. Only an id leads there.
pub fn settings_page(form: &FormFields) -> String {
    let id = form.text("organization").parse::<OrganizationId>();
    id.map_or_else(
        |_no_id| "/".to_owned(),
        |id| routes::organization_part(id, "settings"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> OrganizationDetail {
        OrganizationDetail {
            id: "0190aaaa-0000-7000-8000-000000000001".parse().unwrap(),
            slug: "pohjala".into(),
            name: "Põhjala".into(),
            legal_name: "SA Põhjala".into(),
            registration_number: "9".into(),
            vat_number: "EE1".into(),
            address: "Raekoja plats 8".into(),
            country: "EE".into(),
            email: "bills@pohjala.example".into(),
            bank_account: "EE00".into(),
            currency: Currency::Eur,
            tax_percent: Fixed::from(24),
            time_zone: "Europe/Tallinn".into(),
            time_zone_from: None,
            verified_at: None,
            is_provider: true,
            provider_description: "Sells.".into(),
        }
    }

    #[test]
    fn an_organization_survives_its_form() {
        assert_eq!(
            changed_organization(&stored_organization(&stored()).fields, stored()).unwrap(),
            stored()
        );
    }

    #[test]
    fn how_it_sells_stays_where_the_form_does_not_ask() {
        let form = [("name".to_owned(), "Other".to_owned())].into_iter().collect();
        let changed = changed_organization(&form, stored()).unwrap();
        assert_eq!((changed.name.as_str(), changed.is_provider), ("Other", true));
        assert_eq!(
            (changed.tax_percent, changed.bank_account.as_str()),
            (Fixed::from(24), "EE00")
        );
    }
}
