namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A test that needs OpenAI's public description of its API; skipped, with that reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenAiDocumentFactAttribute : FactAttribute
{
    public OpenAiDocumentFactAttribute()
    {
        if (!File.Exists(OpenAiDocument.File))
        {
            Skip = $"{OpenAiDocument.File} is not there. It is openapi.json of the repository openai/openai-openapi; METALLM_OPENAI_OPENAPI may name another place.";
        }
    }
}
