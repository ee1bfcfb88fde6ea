//! Rules of approval: who must agree to orders. And who decides for somebody who is away.

use http::StatusCode;
use model::{
    ApprovalForecast, ApprovalRule, ApprovalRuleDraft, ApprovalRuleId, ApprovalRules, ApprovalTrial,
    Deputies, DeputyDraft, OrganizationId, ProjectId, RuleConditions, RuleEffect, Scope, Side,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::HasVersion,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Patch, Services},
    queries::{IfMatchHeader, one_scope},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_approval_rules, create_approval_rule))
        .routes(routes!(forecast_approval))
        .routes(routes!(
            get_approval_rule,
            update_approval_rule,
            remove_approval_rule
        ))
        .routes(routes!(move_approval_rule))
        .routes(routes!(get_deputies, name_deputy, take_back_deputy))
}

impl HasVersion for ApprovalRule {
    fn etag(&self) -> String {
        format!("\"{}\"", self.revision)
    }
}

/// Whose rules are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RuleQuery {
    /// Of this organization, as one that buys.
    organization: Option<OrganizationId>,
    /// Of this project.
    project: Option<ProjectId>,
    /// Of this organization, as one that provides.
    provider: Option<OrganizationId>,
}

impl RuleQuery {
    /// The one that is named; the installation when none is.
    fn scope(&self) -> Result<Scope, ApiProblem> {
        let named = [
            self.organization.map(Scope::Organization),
            self.project.map(Scope::Project),
            self.provider.map(Scope::Provider),
        ];
        one_scope(named, "Name one of organization, project and provider.")
    }
}

/// Lists the rules of one place in the order in which they are read, with those that are read before and after them; those of
/// the installation when none is named.
#[utoipa::path(get, path = "/approval-rules", tag = "Approvals", params(RuleQuery),
    responses((status = 200, body = ApprovalRules)), extensions(("x-problems" = json!(["invalid_input"]))))]
async fn list_approval_rules(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<RuleQuery>,
) -> Result<Json<ApprovalRules>, ApiProblem> {
    Ok(Json(domain.approvals().rules(&actor, query.scope()?).await?))
}

/// A rule that is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApprovalRule {
    /// Whose orders it is about: everybody's, of an organization, of a project, or those to a provider.
    scope: Scope,
    /// What it is called: whoever is asked by it reads that.
    #[schema(max_length = 100)]
    name: String,
    /// Whose decision it is about. Rules of organizations and projects are about the buyer's, those of providers about the
    /// provider's; only rules of the installation choose.
    #[serde(default)]
    side: Option<Side>,
    /// When it fits.
    #[serde(default)]
    when: RuleConditions,
    /// What it does then.
    then: RuleEffect,
    /// Whether it is read at all.
    #[serde(default = "yes")]
    is_active: bool,
}

fn yes() -> bool {
    true
}

/// Makes a rule, the last of its place. Orders that wait already keep the steps that they have.
#[utoipa::path(post, path = "/approval-rules", tag = "Approvals", request_body = NewApprovalRule,
    responses((status = 201, body = ApprovalRule)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["too_many_approval_rules"]))))]
async fn create_approval_rule(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(wanted): Body<NewApprovalRule>,
) -> Result<Created<Versioned<ApprovalRule>>, ApiProblem> {
    let draft = ApprovalRuleDraft {
        name: wanted.name,
        side: wanted.side,
        when: wanted.when,
        then: wanted.then,
        is_active: wanted.is_active,
    };
    let made = domain.approvals().create(&actor, wanted.scope, draft).await?;
    let id = made.id;
    Ok(Created::at(format_args!("/approval-rules/{id}"), Versioned(made)))
}

/// Says what would become of an order that is not placed: its steps and whom they would ask, or the refusal.
#[utoipa::path(post, path = "/approval-rules/forecast", tag = "Approvals", request_body = ApprovalTrial,
    responses((status = 200, body = ApprovalForecast)),
    extensions(("x-problems" = json!(["offering_not_found", "project_not_found", "unknown_time_zone"]))))]
async fn forecast_approval(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(trial): Body<ApprovalTrial>,
) -> Result<Json<ApprovalForecast>, ApiProblem> {
    Ok(Json(domain.ordering().forecast(&actor, trial).await?))
}

/// Reads a rule.
#[utoipa::path(get, path = "/approval-rules/{id}", tag = "Approvals", params(("id" = ApprovalRuleId, Path)),
    responses((status = 200, body = ApprovalRule)), extensions(("x-versioned" = json!(true))))]
async fn get_approval_rule(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ApprovalRuleId>,
) -> Result<Versioned<ApprovalRule>, ApiProblem> {
    Ok(Versioned(domain.approvals().rule(&actor, id).await?))
}

/// Changes a rule. Orders that wait already keep the steps that they have.
#[utoipa::path(patch, path = "/approval-rules/{id}", tag = "Approvals",
    params(("id" = ApprovalRuleId, Path), IfMatchHeader), request_body = ApprovalRuleDraft,
    responses((status = 200, body = ApprovalRule)))]
async fn update_approval_rule(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ApprovalRuleId>,
    version: IfMatch,
    patch: Patch<ApprovalRuleDraft>,
) -> Result<Versioned<ApprovalRule>, ApiProblem> {
    let approvals = domain.approvals();
    let present = approvals.rule(&actor, id).await?;
    version.check(&present)?;
    let draft = patch.applied_to(&ApprovalRuleDraft {
        name: present.name,
        side: Some(present.side),
        when: present.when,
        then: present.then,
        is_active: present.is_active,
    })?;
    let changed = approvals.change(&actor, id, draft, present.revision).await?;
    Ok(Versioned(changed))
}

/// Removes a rule. Orders that wait already keep the steps that they have.
#[utoipa::path(delete, path = "/approval-rules/{id}", tag = "Approvals", params(("id" = ApprovalRuleId, Path)),
    responses((status = 204)))]
async fn remove_approval_rule(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ApprovalRuleId>,
) -> Result<StatusCode, ApiProblem> {
    domain.approvals().remove(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a rule goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulePlace {
    /// Its place among the rules there, from 1; behind the last it is the last.
    #[schema(minimum = 1)]
    position: u16,
}

/// Moves a rule among those of its place: they are read from the top.
#[utoipa::path(post, path = "/approval-rules/{id}/move", tag = "Approvals", params(("id" = ApprovalRuleId, Path)),
    request_body = RulePlace, responses((status = 200, body = ApprovalRule)))]
async fn move_approval_rule(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ApprovalRuleId>,
    Body(place): Body<RulePlace>,
) -> Result<Json<ApprovalRule>, ApiProblem> {
    Ok(Json(
        domain.approvals().move_to(&actor, id, place.position).await?,
    ))
}

/// Says who decides on orders for you while you are away, and for whom you decide now.
#[utoipa::path(get, path = "/me/deputy", tag = "Approvals", responses((status = 200, body = Deputies)))]
async fn get_deputies(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<Json<Deputies>, ApiProblem> {
    Ok(Json(domain.approvals().deputies(&actor).await?))
}

/// Names a colleague who decides on orders for you while you are away, instead of whom you had named before. They decide on what
/// they can see; you can still decide yourself.
#[utoipa::path(post, path = "/me/deputy", tag = "Approvals", request_body = DeputyDraft,
    responses((status = 200, body = Deputies)))]
async fn name_deputy(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(draft): Body<DeputyDraft>,
) -> Result<Json<Deputies>, ApiProblem> {
    Ok(Json(domain.approvals().name_deputy(&actor, draft).await?))
}

/// Takes back whom you have named; nothing where nobody is.
#[utoipa::path(delete, path = "/me/deputy", tag = "Approvals", responses((status = 204)))]
async fn take_back_deputy(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<StatusCode, ApiProblem> {
    domain.approvals().take_back_deputy(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
