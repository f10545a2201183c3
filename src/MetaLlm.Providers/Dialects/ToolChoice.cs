namespace MetaLlm.Providers.Dialects;

/// <summary>Whether a model is to call tools.</summary>
internal enum ToolChoice
{
    /// <summary>The request does not say.</summary>
    Unsaid,

    /// <summary>As it likes.</summary>
    Auto,

    /// <summary>No tool.</summary>
    None,

    /// <summary>At least one.</summary>
    Required,

    /// <summary>The one that is named.</summary>
    Named,
}
