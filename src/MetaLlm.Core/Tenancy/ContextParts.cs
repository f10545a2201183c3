namespace MetaLlm.Core.Tenancy;

/// <summary>Parts of the context vector beside the bias, which is always there.</summary>
[Flags]
public enum ContextParts
{
    /// <summary>The bias alone.</summary>
    None = 0,

    /// <summary>Structural features.</summary>
    Structural = 1,

    /// <summary>The caller's task tag.</summary>
    Task = 2,

    /// <summary>The reduced embedding.</summary>
    Embedding = 4,

    /// <summary>What a tenant has that asks for nothing else: form, tag and meaning.</summary>
    All = Structural | Task | Embedding,

    /// <summary>Script and language, by <see cref="Features.LanguageFeatures"/>.</summary>
    Language = 8,
}
