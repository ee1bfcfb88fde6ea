use app::{address::encode, routes};
use auth::AuthSession;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::Domain;
use http::{StatusCode, header};

/// The PDF of an invoice that the person may see. It is made when the invoice is issued; until then there is none.
pub(crate) async fn download(
    State(domain): State<Domain>,
    session: AuthSession,
    Path(id): Path<String>,
) -> Response {
    let Some(user) = session.user else {
        let id: String = id.chars().take(64).collect();
        return Redirect::to(&routes::sign_in(&routes::invoice(encode(&id)))).into_response();
    };
    let Ok(id) = id.parse() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match domain.billing().pdf(&user.actor, id).await {
        Ok(Some(pdf)) => {
            let name = format!("attachment; filename=\"{}\"", pdf.file_name);
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, pdf.bytes).into_response()
        }
        Ok(None) => (
            StatusCode::NOT_FOUND,
            "The PDF of this invoice is not ready yet. Try again in a minute.",
        )
            .into_response(),
        Err(error) => {
            let problem = error.problem();
            domain::trace::note_refused_access(&problem);
            let status =
                StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, problem.detail).into_response()
        }
    }
}
