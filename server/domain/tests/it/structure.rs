//! Organizations and projects.

use domain::structure::{NewOrganization, NewProject, ProjectChange, StructureError};
use model::{Currency, Fixed, Kind, OrganizationDetail, PageRequest, Role, Scope};
use testkit::{World, both_engines};

fn change(name: &str, approval_limit: Option<Fixed>) -> ProjectChange {
    ProjectChange {
        name: name.into(),
        description: String::new(),
        start_date: None,
        end_date: None,
        approval_limit,
    }
}

both_engines! {
    async fn organizations_are_created_by_staff_and_get_slugs_of_their_own(world: World) {
        let structure = world.domain().structure();
        let new = || NewOrganization { name: "Tartu Ülikool".into(), ..NewOrganization::default() };
        let staff = world.staff().await;
        let first = structure.create_organization(&staff, new()).await.unwrap();
        let second = structure.create_organization(&staff, new()).await.unwrap();
        assert_eq!(structure.organization(&staff, first).await.unwrap().slug, "tartu-uelikool");
        assert_eq!(structure.organization(&staff, second).await.unwrap().slug, "tartu-uelikool-2");
        let owner = world.buyer().await.owner;
        let refused = structure.create_organization(&owner, new()).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
    }

    async fn faults_of_an_organization_are_told_all_at_once(world: World) {
        let staff = world.staff().await;
        let bad = NewOrganization {
            name: " ".into(),
            country: "EST".into(),
            time_zone: "Nowhere".into(),
            tax_percent: Fixed::from(101),
            address: "x".repeat(501),
            ..NewOrganization::default()
        };
        let refused = world.domain().structure().create_organization(&staff, bad).await.unwrap_err();
        let mut paths: Vec<String> = refused.problem().fields.into_iter().map(|fault| fault.path).collect();
        paths.dedup();
        assert_eq!(paths, ["name", "address", "country", "time_zone", "tax_percent"]);
    }

    async fn names_that_hide_or_turn_text_and_odd_addresses_are_refused(world: World) {
        let staff = world.staff().await;
        for (name, email, path) in [
            ("\u{200B}", "", "name"),
            ("Bank\u{202E}knaB", "", "name"),
            ("\u{2800}\u{3164}", "", "name"),
            ("Fine", "@", "email"),
            ("Fine", "bills@localhost", "email"),
        ] {
            let bad = NewOrganization { name: name.into(), email: email.into(), ..NewOrganization::default() };
            let refused = world.domain().structure().create_organization(&staff, bad).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].path, path, "{name:?} {email}");
        }
    }

    async fn addresses_that_hide_or_turn_text_and_names_of_marks_alone_are_refused(world: World) {
        let staff = world.staff().await;
        for (name, address, path) in [
            ("Fine", "Lossi 1\n\u{202E}utraT", "address"),
            ("Fine", "a\u{200B}b", "address"),
            ("\u{301}\u{302}", "", "name"),
            ("\u{E000}\u{F8FF}", "", "name"),
        ] {
            let bad = NewOrganization { name: name.into(), address: address.into(), ..NewOrganization::default() };
            let refused = world.domain().structure().create_organization(&staff, bad).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].path, path, "{name:?} {address:?}");
        }
        let good = NewOrganization { name: "Zoe\u{308}".into(), address: "Lossi 1\r\n\r\nTartu".into(), ..NewOrganization::default() };
        let id = world.domain().structure().create_organization(&staff, good).await.unwrap();
        let kept = world.domain().structure().organization(&staff, id).await.unwrap();
        assert_eq!((kept.name.as_str(), kept.address.as_str()), ("Zoë", "Lossi 1\n\nTartu"));
    }

    async fn organizations_are_found_whatever_the_case_accents_and_forms(world: World) {
        let staff = world.staff().await;
        let structure = world.domain().structure();
        for name in ["Київська політехніка", "Tartu Ülikool", "Łódź Straße"] {
            let new = NewOrganization { name: name.into(), ..NewOrganization::default() };
            structure.create_organization(&staff, new).await.unwrap();
        }
        let found = async |text: &str| {
            let page = structure.organizations(&staff, text, &model::NamedList::default(), &PageRequest::default()).await.unwrap();
            page.items.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(found("київська").await, ["Київська політехніка"]);
        assert_eq!(found("ПОЛІТЕХНІКА").await, ["Київська політехніка"]);
        assert_eq!(found("ulikool").await, ["Tartu Ülikool"]);
        assert_eq!(found("ÜLIKOOL").await, ["Tartu Ülikool"]);
        assert_eq!(found("ｔａｒｔｕ").await, ["Tartu Ülikool"]);
        assert_eq!(found("STRASSE").await, ["Łódź Straße"]);
        assert_eq!(found("%").await, Vec::<String>::new());
    }

    async fn an_owner_changes_details_but_not_what_staff_decides(world: World) {
        let buyer = world.buyer().await;
        let structure = world.domain().structure();
        let mut detail = structure.organization(&buyer.owner, buyer.id).await.unwrap();
        detail.legal_name = "Buyer AS".into();
        let wishes = OrganizationDetail { is_provider: true, tax_percent: Fixed::from(9), currency: Currency::Usd, ..detail.clone() };
        let StructureError::Invalid(faults) = structure.edit_organization(&buyer.owner, wishes).await.unwrap_err() else { panic!("refused at its fields") };
        let told: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.code.as_str())).collect();
        assert_eq!(told, [("tax_percent", "staff_only"), ("currency", "staff_only"), ("is_provider", "staff_only")]);
        structure.edit_organization(&buyer.owner, detail).await.unwrap();
        let after = structure.organization(&buyer.owner, buyer.id).await.unwrap();
        assert_eq!((after.legal_name.as_str(), after.is_provider, after.tax_percent), ("Buyer AS", false, Fixed::ZERO));
        let manager = world.person(Role::OrganizationManager, Scope::Organization(buyer.id)).await;
        assert_eq!(structure.edit_organization(&manager, after).await.unwrap_err().kind(), Kind::Forbidden);
    }

    async fn people_see_their_own_organizations_page_by_page(world: World) {
        let structure = world.domain().structure();
        let staff = world.staff().await;
        for number in 0..5 {
            let new = NewOrganization { name: format!("Org 50%_{number}"), ..NewOrganization::default() };
            structure.create_organization(&staff, new).await.unwrap();
        }
        let mut names = Vec::new();
        let mut request = PageRequest::first(2);
        loop {
            let page = structure.organizations(&staff, "50%_", &model::NamedList::default(), &request).await.unwrap();
            names.extend(page.items.into_iter().map(|row| row.name));
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        assert_eq!(names, [0, 1, 2, 3, 4].map(|number| format!("Org 50%_{number}")));
        assert!(structure.organizations(&staff, "50x", &model::NamedList::default(), &PageRequest::default()).await.unwrap().items.is_empty());
        let buyer = world.buyer().await;
        let mine = structure.organizations(&buyer.owner, "", &model::NamedList::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(mine.items.iter().map(|row| row.id).collect::<Vec<_>>(), [buyer.id]);
    }

    async fn a_project_that_is_not_yours_is_not_there(world: World) {
        let (one, other) = (world.buyer().await, world.buyer().await);
        let project = world.project(&one).await;
        let structure = world.domain().structure();
        let hidden = structure.project(&other.owner, project.id).await.unwrap_err();
        let absent = structure.project(&other.owner, model::ProjectId(uuid::Uuid::max())).await.unwrap_err();
        assert_eq!(hidden.problem(), absent.problem());
        assert!(structure.projects(&other.owner, Some(one.id), &model::NamedList::default(), &PageRequest::default()).await.unwrap().items.is_empty());
        let refused = structure.edit_project(&other.owner, project.id, change("Mine", None)).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
    }

    async fn days_that_a_database_does_not_know_are_refused_at_their_fields(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let structure = world.domain().structure();
        let (long_ago, never) = (chrono::NaiveDate::MIN, chrono::NaiveDate::MAX);
        let odd = ProjectChange { start_date: Some(long_ago), end_date: Some(never), ..change("Odd", None) };
        let StructureError::Invalid(faults) = structure.edit_project(&buyer.owner, project.id, odd).await.unwrap_err() else { panic!("refused at its fields") };
        let told: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.code.as_str())).collect();
        assert_eq!(told, [("start_date", "out_of_range"), ("end_date", "out_of_range")]);
    }

    async fn whoever_is_bound_by_the_approval_limit_cannot_raise_it(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).approving_up_to("100").await;
        let structure = world.domain().structure();
        let manager = world.project_manager(&project).await;
        let more = change(&project.name, Some(Fixed::from(1_000)));
        assert_eq!(structure.edit_project(&manager, project.id, more.clone()).await.unwrap_err().kind(), Kind::Forbidden);
        let same = change("Renamed", Some(Fixed::from(100)));
        structure.edit_project(&manager, project.id, same).await.unwrap();
        structure.edit_project(&buyer.owner, project.id, more).await.unwrap();
        let after = structure.project(&manager, project.id).await.unwrap();
        assert_eq!((after.name, after.approval_limit), (project.name, Some(model::Money::new(1_000.into(), Currency::Eur))));
    }

    async fn an_approval_limit_is_an_amount_that_can_be_paid(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let structure = world.domain().structure();
        let limit = |text: &str| change(&project.name, Some(text.parse().unwrap()));
        let refused = structure.edit_project(&buyer.owner, project.id, limit("0.001")).await.unwrap_err().problem();
        assert_eq!((refused.fields[0].path.as_str(), refused.fields[0].message.as_str()), ("approval_limit", "EUR has 2 decimals at most."));
        structure.edit_project(&buyer.owner, project.id, limit("0.010")).await.unwrap();
    }

    async fn those_wait_to_be_verified_whose_tax_it_can_change(world: World) {
        let (structure, staff) = (world.domain().structure(), world.staff().await);
        let (finn, german, seller) = (world.buyer().await.id, world.buyer().await.id, world.provider().await.id);
        world.provider().await;
        let says = async |id, country: &str, number: &str| {
            let mut detail = structure.organization(&staff, id).await.unwrap();
            (detail.country, detail.vat_number) = (country.into(), number.into());
            structure.edit_organization(&staff, detail).await.unwrap();
        };
        let waiting = async || {
            let rows = structure.unverified_organizations(&staff).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<std::collections::BTreeSet<_>>()
        };
        says(finn, "FI", "").await;
        says(german, "DE", "DE811569869").await;
        says(seller, "EE", "").await;
        assert_eq!(waiting().await, [german, seller].into(), "at home, a consumer of the Union is taxed anyway");
        says(seller, "NO", "").await;
        assert_eq!(waiting().await, [finn, german, seller].into(), "to a seller outside it, it is abroad");
        world.clock().set("2026-03-31T09:59:00Z");
        let month = async |id, country| structure.verify_organization(&staff, id, country, "").await.unwrap().to_string();
        assert_eq!(month(finn, "FI").await, "2026-03");
        world.clock().set("2026-03-31T10:00:00Z");
        assert_eq!(month(seller, "NO").await, "2026-04", "March is over on the first islands");
        assert_eq!(month(finn, "FI").await, "2026-03", "it was verified before");
        assert_eq!(waiting().await, [german].into());
    }

    async fn a_currency_stays_while_approval_limits_stand_in_it(world: World) {
        let (structure, staff, buyer) = (world.domain().structure(), world.staff().await, world.buyer().await);
        let (free, bound) = (world.project(&buyer).await, world.project(&buyer).approving_up_to("50").await);
        let other = world.buyer().await;
        world.project(&other).approving_up_to("7").await;
        let yen = async || {
            let detail = structure.organization(&staff, buyer.id).await.unwrap();
            structure.edit_organization(&staff, OrganizationDetail { currency: Currency::Jpy, ..detail }).await
        };
        let refused = yen().await.unwrap_err().problem().fields;
        assert_eq!((refused[0].path.as_str(), refused[0].code.as_str(), refused.len()), ("currency", "limits_stand", 1));
        let said = &refused[0].message;
        assert!(said.contains("EUR") && said.contains(&bound.name) && !said.contains(&free.name), "{said}");
        structure.edit_project(&buyer.owner, bound.id, change(&bound.name, None)).await.unwrap();
        yen().await.unwrap();
        structure.edit_project(&buyer.owner, bound.id, change(&bound.name, Some(Fixed::from(50_000)))).await.unwrap();
        assert_eq!(structure.project(&buyer.owner, bound.id).await.unwrap().approval_limit.unwrap().to_string(), "¥50,000");
    }

    async fn a_project_with_resources_cannot_be_made_to_begin_later(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).await;
        let project = world.project(&buyer).await;
        let structure = world.domain().structure();
        let beginning = |day: &str| ProjectChange { start_date: Some(day.parse().unwrap()), ..change(&project.name, None) };
        // The clock stands at 10 February 2026.
        structure.edit_project(&buyer.owner, project.id, beginning("2026-02-20")).await.unwrap();
        structure.edit_project(&buyer.owner, project.id, beginning("2026-02-01")).await.unwrap();
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let refused = structure.edit_project(&buyer.owner, project.id, beginning("2026-02-11")).await.unwrap_err().problem();
        assert_eq!((refused.fields[0].path.as_str(), refused.fields[0].code.as_str()), ("start_date", "in_use"));
        structure.edit_project(&buyer.owner, project.id, beginning("2026-02-10")).await.unwrap();
        world.domain().ordering().place_terminate(&buyer.owner, resource, "", None).await.unwrap();
        world.run_jobs().await;
        structure.edit_project(&buyer.owner, project.id, beginning("2026-02-20")).await.unwrap();
    }

    async fn projects_created_at_once_get_different_slugs(world: World) {
        let buyer = world.buyer().await;
        let mut made = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let structure = world.second_process().domain().structure();
            let (owner, organization_id) = (buyer.owner.clone(), buyer.id);
            made.spawn(async move {
                let new = NewProject {
                    organization_id,
                    name: "Climate".into(),
                    slug: None,
                    description: String::new(),
                    start_date: None,
                    end_date: None,
                    approval_limit: None,
                };
                structure.create_project(&owner, new).await.unwrap()
            });
        }
        made.join_all().await;
        let page = world.domain().structure().projects(&buyer.owner, None, &model::NamedList::default(), &PageRequest::default()).await.unwrap();
        let mut slugs: Vec<String> = page.items.into_iter().map(|row| row.slug).collect();
        slugs.sort();
        assert_eq!(slugs, ["climate", "climate-2", "climate-3", "climate-4"]);
    }
}
