namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>A member of a tenant's document in a form.</summary>
/// <param name="Path">Its place in the document, such as <c>budget.usdPerDay</c>. An empty field leaves the member out.</param>
/// <param name="Label">What people call it, English.</param>
/// <param name="Kind">How it is edited.</param>
/// <param name="Note">What an empty field means, or what to mind, English; null for nothing.</param>
internal sealed record FieldSpec(string Path, string Label, FieldKind Kind = FieldKind.Number, string? Note = null)
{
    /// <summary>The words of a <see cref="FieldKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
