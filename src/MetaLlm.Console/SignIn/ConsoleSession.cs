using MetaLlm.Gateway.Authentication;

namespace MetaLlm.WebConsole.SignIn;

/// <summary>What the cookie of a session holds, encrypted. The key that was shown is not in it.</summary>
/// <param name="Kind">How its holder has signed in.</param>
/// <param name="Name">Of a key of the directory, its id; else who has signed in.</param>
/// <param name="Stamp">What must not have changed since: of the configuration's key its fingerprint, of a sign-in by code this process.</param>
/// <param name="Role">The role, where no key says it at each request.</param>
/// <param name="EndsAt">When it ends.</param>
internal sealed record ConsoleSession(SessionKind Kind, string Name, string Stamp, AdminRole Role, DateTimeOffset EndsAt);
