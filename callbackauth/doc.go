// Package callbackauth checks who sent a callback: it verifies the bearer token that
// the calling service of Microsoft Graph puts on every notification it posts to a bot.
//
// The facts are those of Microsoft's samples (microsoft-graph-comms-samples,
// AuthenticationProvider.ValidateInboundRequestAsync) and of the documentation of
// call notifications: the service does not sign with Entra ID but with keys of its own,
// which the OpenID document at [MetadataURL] leads to; the issuer is [IssuerGraph] or
// [IssuerBotFramework]; the audience is the id of the bot's application; the claim tid
// names the tenant.
//
// A [Verifier] is what the field Verifier of a generated package's notification handler
// wants. Neither imports the other.
//
// A token proves who sent a request, not what is in it: it is not bound to the body.
// Serve callbacks over TLS only.
package callbackauth
