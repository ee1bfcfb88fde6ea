use leptos::prelude::*;
use leptos_meta::Title;
use model::Category;

use crate::{
    appearance,
    components::*,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::admin::{AdminCategories, load_categories},
};

/// Tints and what they are called.
const TINTS: [(&str, &str); 6] = [
    ("sea", "Sea"),
    ("olive", "Olive"),
    ("clay", "Clay"),
    ("plum", "Plum"),
    ("sand", "Sand"),
    ("slate", "Slate"),
];

#[component]
pub fn CategoriesPage() -> impl IntoView {
    page(Area::Staff, async {
        Ok(categories_view(load_categories().await?))
    })
}

fn categories_view(facts: AdminCategories) -> impl IntoView {
    let AdminCategories {
        categories,
        reply,
        can_create,
    } = facts;
    let columns = vec![
        Column::text("Category"),
        Column::text("Asks about"),
        Column::number("Offerings"),
    ];
    let rows = categories.into_iter().map(row).collect_view();
    let new = can_create.then(|| {
        view! {
            <Section title="New category" id="category">
                <NewCategory reply=reply/>
            </Section>
        }
    });
    view! {
        <Title text="Categories"/>
        <PageHeader title="Categories" lead="The shelves of the marketplace, and what providers must tell about what stands on them."/>
        <Section flush=true>
            <DataTable caption="Categories" columns=columns>
                {rows}
            </DataTable>
        </Section>
        {new}
    }
}

fn row(one: Category) -> impl IntoView {
    let asks: Vec<String> = one
        .attributes
        .fields
        .into_iter()
        .map(|field| field.label)
        .collect();
    let asks = if asks.is_empty() {
        "Nothing".to_owned()
    } else {
        asks.join(", ")
    };
    let icon = appearance::category_icon(&one.icon);
    view! {
        <Row>
            <MainCell
                href=routes::category(&one.slug)
                sub=one.description
                icon=view! { <IconView icon=icon size=20/> }.into_any()
            >
                {one.name}
            </MainCell>
            <Cell label="Asks about"><span class="small">{asks}</span></Cell>
            <Cell label="Offerings" num=true>{one.offerings}</Cell>
        </Row>
    }
}

#[component]
fn NewCategory(reply: FormReply) -> impl IntoView {
    let tints = TINTS
        .iter()
        .map(|(value, label)| Choice::new(*value, *label))
        .collect::<Vec<_>>();
    let icons = Icon::ALL
        .iter()
        .map(|(_, name)| Choice::new(*name, appearance::icon_name(name)))
        .collect::<Vec<_>>();
    let naming = view! {
        <TextField name="name" label="Name" value=reply.value_or("name", "") error=reply.error("name") maxlength=100 required=true/>
        <TextField
            name="slug"
            label="Short name"
            value=reply.value_or("slug", "")
            help="For addresses; made of the name when empty."
            error=reply.error("slug")
        />
        <Combobox name="icon" label="Icon" choices=icons value=reply.value_or("icon", "Package") error=reply.error("icon") required=true/>
        <Select name="tint" label="Tint" choices=tints value=reply.value_or("tint", "sea") error=reply.error("tint") required=true/>
    };
    view! {
        <Form action="/fn/create_category" label="New category">
            <ErrorSummary errors=reply.errors() title="The category was not created."/>
            <FormGrid>{naming}</FormGrid>
            <TextField
                name="description"
                label="Description"
                value=reply.value_or("description", "")
                help="What one finds in it."
                error=reply.error("description")
                maxlength=500
            />
            <TextArea
                name="attributes"
                label="Questions about each offering"
                rows=4
                mono=true
                value=reply.value_or("attributes", "")
                help="One on each line: “site: Site” for a text, “os: System: Debian 12, Rocky 9” for a choice. Buyers filter by choices."
                error=reply.error("attributes")
            />
            <FormActions>
                <SubmitButton busy="Creating…" attr:data-test="create-category">
                    "Create category"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
