using MetaLlm.Evaluation;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>What a tenant's log says of another policy.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Report">The estimate; null where there is none.</param>
/// <param name="Problem">Why there is none, English; null where there is one.</param>
internal sealed record PolicyPreview(string Policy, OffPolicyReport? Report, string? Problem);
