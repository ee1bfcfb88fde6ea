//! People and the roles they hold. They have no passwords, because hashing one takes longer than most tests.

use domain::access::NewGrant;
use domain::{Actor, Clock};
use entity::user;
use model::{Role, Scope, UserId};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{Buyer, Project, World};

impl World {
    /// Somebody with this role.
    pub async fn person(&self, role: Role, scope: Scope) -> Actor {
        let id = self.add_person(role.label()).await;
        self.grant(id, role, scope).await
    }

    /// Somebody without any role.
    pub async fn stranger(&self) -> Actor {
        let id = self.add_person("Stranger").await;
        self.actor(id).await
    }

    /// Somebody who operates the installation.
    pub async fn staff(&self) -> Actor {
        self.person(Role::Staff, Scope::System).await
    }

    /// Somebody who works in the project: orders, and asks for approval.
    pub async fn member(&self, project: &Project) -> Actor {
        self.person(Role::ProjectMember, Scope::Project(project.id)).await
    }

    /// Somebody who runs the project: orders, and approves up to its limit.
    pub async fn project_manager(&self, project: &Project) -> Actor {
        self.person(Role::ProjectManager, Scope::Project(project.id))
            .await
    }

    /// Somebody who reads the buyer's invoices.
    pub async fn accountant(&self, buyer: &Buyer) -> Actor {
        self.person(Role::BillingReader, Scope::Organization(buyer.id))
            .await
    }

    /// Gives a person a role, and returns them with everything they hold now.
    pub async fn grant(&self, user: UserId, role: Role, scope: Scope) -> Actor {
        let grant = NewGrant {
            user,
            role,
            scope,
            expires_at: None,
            reason: "test".into(),
        };
        self.domain()
            .access()
            .grant(&Actor::system(), grant)
            .await
            .expect("the role is granted");
        self.actor(user).await
    }

    /// A person with everything they hold now.
    pub async fn actor(&self, user: UserId) -> Actor {
        self.domain()
            .access()
            .actor_for(user)
            .await
            .expect("the person is active")
    }

    async fn add_person(&self, what: &str) -> UserId {
        let number = self.number();
        let name = format!("{what} {number}");
        let username = format!("person{number}");
        let row = user::Model {
            id: UserId(Uuid::from_u128(number.into())),
            email: format!("{username}@example.org"),
            search_text: name.to_lowercase(),
            name,
            username,
            password_hash: None,
            time_zone: "UTC".into(),
            is_active: true,
            created_at: self.clock().now(),
            last_login_at: None,
        };
        let id = row.id;
        let insert = user::Entity::insert(row.into_active_model().reset_all());
        insert
            .exec_without_returning(self.db())
            .await
            .expect("the person is stored");
        id
    }
}
