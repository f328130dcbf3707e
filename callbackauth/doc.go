// Package callbackauth checks who sent a callback: it verifies the bearer token that
// the calling service of Microsoft Graph puts on every notification it posts to a bot.
//
// The facts come from Microsoft's samples (microsoft-graph-comms-samples,
// AuthenticationProvider.ValidateInboundRequestAsync) and from the documentation of call
// notifications: the service signs with keys of its own, not with Entra ID's; the OpenID
// document at [MetadataURL] names them; the issuer is [IssuerGraph] or
// [IssuerBotFramework]; the audience is the id of the bot's application; the claim tid
// names the tenant.
//
// [NewForNotifications] verifies the tokens of change notifications instead: those that
// encrypted notifications have in their bodies. They come from the identity platform.
//
// A [Verifier] fits the field Verifier of a generated package's notification handler, or change
// handler.
// Neither package imports the other.
//
// A token proves who sent a request, but does not protect its body: serve callbacks over
// TLS only.
package callbackauth
