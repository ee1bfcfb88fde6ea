//! What people do for themselves.

use model::TokenId;

use super::{One, Text, form};

form! {
    /// Signing in.
    SignIn { ; email: Text, password: String, next: Text }
}

form! {
    /// Signing out.
    SignOut { ; }
}

form! {
    /// Another password.
    ChangePassword { ; current: String, password: String, again: String }
}

form! {
    /// The password once more, before ways in are changed.
    ConfirmPassword { ; password: String, next: Text }
}

form! {
    /// The end of all tokens.
    RevokeAllTokens { ; }
}

form! {
    /// Name and time zone.
    SaveProfile { ; name: Text, time_zone: Text }
}

form! {
    /// A token for the API. How long it lives is read with all other faults.
    CreateToken { ; name: Text, scopes: Vec<String>, days: One }
}

form! {
    /// The end of a token.
    RevokeToken { token: TokenId; }
}
