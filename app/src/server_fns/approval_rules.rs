//! Rules that say who must agree to orders, and deputies.

use leptos::prelude::*;
use model::{ApprovalForecast, ApprovalRule, ApprovalRules, Deputies, Problem, RuleChoices};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply};

/// The rules of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RulesOfPlace {
    /// They, with what is read before and after them.
    pub rules: ApprovalRules,
    /// What they can name; none for who may only read them.
    pub choices: Option<RuleChoices>,
    /// What was typed into the form of a new one and refused.
    pub reply: FormReply,
    /// The order that is tried, as it was typed.
    pub tried: FormFields,
    /// What would become of it, or why that cannot be said; none where none is tried.
    pub forecast: Option<Result<ApprovalForecast, Problem>>,
}

/// A rule of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleFacts {
    /// The rule.
    pub rule: ApprovalRule,
    /// What it can name.
    pub choices: RuleChoices,
    /// What the form shows: what is stored, or what was typed and refused.
    pub reply: FormReply,
    /// What is stored as texts, by field name.
    pub stored: FormFields,
}

/// Who decides for a person who is away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Away {
    /// What the person has said, and for whom they decide.
    pub deputies: Deputies,
    /// What was typed and refused.
    pub reply: FormReply,
}

/// The rules of the installation, an organization, a project or a provider.
#[server(prefix = "/fn", endpoint = "load_approval_rules")]
pub async fn load_approval_rules(kind: String, id: String) -> Result<RulesOfPlace, AppError> {
    use crate::ssr::{self, approval_forms, structure_forms};
    let scope = structure_forms::parse_scope(&kind, &id)?;
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    let rules = domain.approvals().rules(&actor, scope).await?;
    let choices = if rules.can_change {
        Some(domain.approvals().choices(&actor, scope, None).await?)
    } else {
        None
    };
    let mut tried = ssr::query()?;
    if tried.text("try").is_empty() {
        tried = approval_forms::trial_start(scope, &actor);
    }
    let forecast = match approval_forms::trial(scope, &tried) {
        Ok(None) => None,
        Ok(Some(trial)) => {
            let forecast = domain.ordering().forecast(&actor, trial).await;
            Some(forecast.map_err(|error| error.problem()))
        }
        Err(error) => Some(Err(error.0)),
    };
    Ok(RulesOfPlace {
        rules,
        choices,
        reply: ssr::take_reply("create_approval_rule").await?,
        tried,
        forecast,
    })
}

/// A rule of a place, for who may change it.
#[server(prefix = "/fn", endpoint = "load_approval_rule")]
pub async fn load_approval_rule(kind: String, id: String, rule: String) -> Result<RuleFacts, AppError> {
    use crate::ssr::{self, approval_forms, structure_forms};
    let scope = structure_forms::parse_scope(&kind, &id)?;
    let (actor, approvals) = (ssr::actor()?, ssr::domain()?.approvals());
    let rule = approvals.rule(&actor, ssr::id(&rule)?).await?;
    if rule.scope != scope {
        return Err(AppError::not_found());
    }
    let choices = approvals.choices(&actor, scope, Some(&rule)).await?;
    let typed = ssr::take_reply("change_approval_rule").await?;
    let start = approval_forms::stored(&rule);
    let stored = start.fields.clone();
    Ok(RuleFacts {
        rule,
        choices,
        reply: if typed.is_filled() { typed } else { start },
        stored,
    })
}

/// Makes a rule.
#[server(prefix = "/fn", endpoint = "create_approval_rule")]
pub async fn create_approval_rule() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, approval_forms, forms, structure_forms};
    ssr::post(
        "create_approval_rule",
        |form: &FormFields| format!("{}#new-rule", approval_forms::list(form)),
        async |Sent { form, fields }: Sent<forms::CreateApprovalRule>| {
            let scope = structure_forms::parse_scope(&form.scope, &form.scope_id)?;
            let actor = ssr::actor()?;
            let draft = approval_forms::draft(&actor, scope, &fields).await?;
            let made = ssr::domain()?.approvals().create(&actor, scope, draft).await;
            made.map_err(|error| approval_forms::faults(error.into(), &fields))?;
            ssr::flash("The rule is made. It is read for every order that is placed from now on.").await?;
            Ok(approval_forms::list(&fields))
        },
    )
    .await
}

/// Changes a rule.
#[server(prefix = "/fn", endpoint = "change_approval_rule")]
pub async fn change_approval_rule() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, approval_forms, forms, structure_forms};
    ssr::post(
        "change_approval_rule",
        approval_forms::page,
        async |Sent { form, fields }: Sent<forms::ChangeApprovalRule>| {
            let scope = structure_forms::parse_scope(&form.scope, &form.scope_id)?;
            let actor = ssr::actor()?;
            let draft = approval_forms::draft(&actor, scope, &fields).await?;
            let approvals = ssr::domain()?.approvals();
            let changed = approvals.change(&actor, form.rule, draft, form.revision).await;
            changed.map_err(|error| approval_forms::faults(error.into(), &fields))?;
            ssr::flash("The rule is changed. Orders that wait already keep the steps that they have.")
                .await?;
            Ok(approval_forms::list(&fields))
        },
    )
    .await
}

/// Moves a rule up or down.
#[server(prefix = "/fn", endpoint = "move_approval_rule")]
pub async fn move_approval_rule() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, approval_forms, forms};
    ssr::post(
        "move_approval_rule",
        approval_forms::list,
        async |Sent { form, fields }: Sent<forms::MoveApprovalRule>| {
            let approvals = ssr::domain()?.approvals();
            approvals
                .move_to(&ssr::actor()?, form.rule, form.position)
                .await?;
            Ok(approval_forms::list(&fields))
        },
    )
    .await
}

/// Removes a rule.
#[server(prefix = "/fn", endpoint = "remove_approval_rule")]
pub async fn remove_approval_rule() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, approval_forms, forms};
    ssr::post(
        "remove_approval_rule",
        approval_forms::page,
        async |Sent { form, fields }: Sent<forms::RemoveApprovalRule>| {
            ssr::domain()?
                .approvals()
                .remove(&ssr::actor()?, form.rule)
                .await?;
            ssr::flash("The rule is removed. Orders that wait already keep the steps that they have.")
                .await?;
            Ok(approval_forms::list(&fields))
        },
    )
    .await
}

/// Who decides for oneself while one is away, and for whom one decides.
#[server(prefix = "/fn", endpoint = "load_deputies")]
pub async fn load_deputies() -> Result<Away, AppError> {
    use crate::ssr;
    Ok(Away {
        deputies: ssr::domain()?.approvals().deputies(&ssr::actor()?).await?,
        reply: ssr::take_reply("name_deputy").await?,
    })
}

/// Names who decides.
#[server(prefix = "/fn", endpoint = "name_deputy")]
pub async fn name_deputy() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, approval_forms, forms},
    };
    ssr::post(
        "name_deputy",
        |_| routes::away(),
        async |Sent { fields, .. }: Sent<forms::NameDeputy>| {
            let draft = approval_forms::deputy(&fields)?;
            ssr::domain()?
                .approvals()
                .name_deputy(&ssr::actor()?, draft)
                .await?;
            ssr::flash("Your deputy is named, and told of it.").await?;
            Ok(routes::away())
        },
    )
    .await
}

/// Takes that back.
#[server(prefix = "/fn", endpoint = "take_back_deputy")]
pub async fn take_back_deputy() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "take_back_deputy",
        |_| routes::away(),
        async |_: Sent<forms::TakeBackDeputy>| {
            ssr::domain()?
                .approvals()
                .take_back_deputy(&ssr::actor()?)
                .await?;
            ssr::flash("Nobody decides for you any more.").await?;
            Ok(routes::away())
        },
    )
    .await
}
