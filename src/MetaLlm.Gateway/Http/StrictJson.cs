using System.Text.Json;

namespace MetaLlm.Gateway.Http;

/// <summary>How JSON of others is read on which something depends.</summary>
internal static class StrictJson
{
    /// <summary>Of a member that is there twice neither counts.</summary>
    public static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };
}
