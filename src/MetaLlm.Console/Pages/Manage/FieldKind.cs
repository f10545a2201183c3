namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>How a member of a tenant's document is edited.</summary>
internal enum FieldKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Texts, separated by commas.</summary>
    List,

    /// <summary>Numbers by name, one <c>name = number</c> a line.</summary>
    Numbers,
}
