namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>What another policy would choose.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Model">Its choice; null where the tenant's state does not tell.</param>
/// <param name="Why">A sentence, English.</param>
/// <param name="Detail">A figure for the sentence; null for none.</param>
internal sealed record OtherChoice(string Policy, string? Model, string Why, string? Detail = null);
