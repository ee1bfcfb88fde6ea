//! Categories, by staff.

use std::collections::HashMap;

use entity::category::{ActiveModel, Entity};
use entity::offering;
use model::{Category, CategoryId, EventKind, FieldFault, NewCategory, Permission};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::{Catalogue, CatalogueError, visibility};
use crate::access::{Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::advisory_lock;
use crate::db_error::is_unique_breach;
use crate::slug;

/// The tints that pages know.
const TINTS: [&str; 6] = ["sea", "olive", "clay", "plum", "sand", "slate"];

impl Catalogue {
    /// All categories in order, each with the number of published offerings that the actor sees. Two queries.
    pub async fn categories(&self, actor: Option<&Actor>) -> Result<Vec<Category>, CatalogueError> {
        let rows = Entity::find_in_order().all(self.core.read()).await?;
        let counted: Vec<(CategoryId, i64)> = offering::Entity::find()
            .select_only()
            .column(offering::Column::CategoryId)
            .column_as(offering::Column::Id.count(), "count")
            .filter(visibility::published_for(actor))
            .filter(offering::Column::CategoryId.is_not_null())
            .group_by(offering::Column::CategoryId)
            .into_tuple()
            .all(self.core.read())
            .await?;
        let counts: HashMap<CategoryId, i64> = counted.into_iter().collect();
        let category = |row: entity::category::Model| {
            let count = counts.get(&row.id).and_then(|count| u64::try_from(*count).ok());
            Ok(Category {
                attributes: row.schema()?,
                id: row.id,
                slug: row.slug,
                name: row.name,
                description: row.description,
                icon: row.icon,
                tint: row.tint,
                offerings: count.unwrap_or(0),
            })
        };
        rows.into_iter().map(category).collect()
    }

    /// Creates a category at the end of the list; for staff. Refused for others (`Access`), and a name, short name or
    /// questions at fault (`Invalid`).
    pub async fn create_category(
        &self,
        actor: &Actor,
        new: NewCategory,
    ) -> Result<CategoryId, CatalogueError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let mut check = Check::default();
        let name = check.required("name", &new.name, 100);
        let description = check.lines("description", &new.description, 500);
        let icon = check.line("icon", &new.icon, 50);
        check.ensure(
            TINTS.contains(&new.tint.as_str()),
            "tint",
            "unknown",
            "Choose one of the tints.",
        );
        let slug = new.slug.unwrap_or_else(|| slug::slug_of(&name, "category"));
        check.extend(slug::check("slug", &slug).err().unwrap_or_default());
        if let Err(faults) = new.attributes.validate() {
            check.extend(model::attributes::under("attributes", faults));
        }
        check.done()?;
        let tx = self.core.write_tx().await?;
        let id = self.core.new_id(CategoryId);
        advisory_lock(&tx, "categories").await?;
        let position = i32::try_from(Entity::find().count(&*tx).await?).unwrap_or(i32::MAX);
        let row = ActiveModel {
            id: Set(id),
            slug: Set(slug),
            name: Set(name.clone()),
            description: Set(description),
            icon: Set(icon),
            tint: Set(new.tint),
            position: Set(position),
            attributes: Set(entity::json::write("categories.attributes", &new.attributes)?),
            created_at: Set(self.core.now()),
        };
        match row.insert(&*tx).await {
            Ok(_) => {}
            Err(breach) if is_unique_breach(&breach) => {
                let fault = FieldFault::at(
                    "slug",
                    "taken",
                    "Another category has this short name. Choose another.",
                );
                return Err(CatalogueError::Invalid(vec![fault]));
            }
            Err(error) => return Err(error.into()),
        }
        let event = Event::new(actor, EventKind::CategoryCreated, id.0).after(json!({ "name": name }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }
}
