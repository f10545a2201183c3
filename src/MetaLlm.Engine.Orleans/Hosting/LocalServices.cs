namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Services that do the work on a silo; under the plain types callers find those that go by way of the workers.</summary>
internal static class LocalServices
{
    /// <summary>Key of the silo's own embedder, provider and clock.</summary>
    public const string Key = "metallm-local";
}
