using System.Collections.Frozen;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What is known of a kind of upstream. What the configuration says of an upstream or a model goes before it.</summary>
/// <param name="Protocol">What it speaks.</param>
/// <param name="BaseAddress">Its address; null where each has its own.</param>
internal sealed record UpstreamPreset(string Protocol, string? BaseAddress = null)
{
    private static readonly KeyValuePair<string, string> OlderLimit = new("max_completion_tokens", "max_tokens");

    // Beginnings of 1,024 tokens and more, for five minutes after their last use: what most that cache promise.
    private static readonly PromptCache Automatic = new();

    private static readonly FrozenDictionary<UpstreamKind, UpstreamPreset> All = new Dictionary<UpstreamKind, UpstreamPreset>
    {
        [UpstreamKind.OpenAi] = new(UpstreamEndpoint.OpenAi) { PromptCache = Automatic },
        [UpstreamKind.OpenAiResponses] = new(UpstreamEndpoint.OpenAiResponses, "https://api.openai.com/v1") { PromptCache = Automatic },
        [UpstreamKind.Simulator] = new(UpstreamEndpoint.OpenAi) { PromptCache = Automatic },
        [UpstreamKind.AzureOpenAi] = new(UpstreamEndpoint.AzureOpenAi) { PromptCache = Automatic },
        [UpstreamKind.Anthropic] = new(UpstreamEndpoint.Anthropic, "https://api.anthropic.com/v1") { PromptCache = Automatic with { NeedsMarks = true } },
        [UpstreamKind.ChatClient] = new(UpstreamEndpoint.ChatClient),
        [UpstreamKind.OpenRouter] = new(UpstreamEndpoint.OpenAi, "https://openrouter.ai/api/v1") { PromptCache = Automatic },
        [UpstreamKind.Groq] = new(UpstreamEndpoint.OpenAi, "https://api.groq.com/openai/v1"),

        // It counts at the end of each stream and refuses to be asked for it.
        [UpstreamKind.Mistral] = new(UpstreamEndpoint.OpenAi, "https://api.mistral.ai/v1") { Renames = [OlderLimit, new("seed", "random_seed")], AsksForStreamUsage = false },
        [UpstreamKind.DeepSeek] = new(UpstreamEndpoint.OpenAi, "https://api.deepseek.com") { Renames = [OlderLimit], PromptCache = new PromptCache { TimeToLive = TimeSpan.FromHours(1), MinTokens = 64 } },
        [UpstreamKind.Together] = new(UpstreamEndpoint.OpenAi, "https://api.together.ai/v1") { Renames = [OlderLimit] },
        [UpstreamKind.XAi] = new(UpstreamEndpoint.OpenAi, "https://api.x.ai/v1"),
        [UpstreamKind.Vllm] = new(UpstreamEndpoint.OpenAi),
        [UpstreamKind.Ollama] = new(UpstreamEndpoint.OpenAi, "http://127.0.0.1:11434/v1") { Renames = [OlderLimit] },
        [UpstreamKind.GeminiCompatible] = new(UpstreamEndpoint.OpenAi, "https://generativelanguage.googleapis.com/v1beta/openai") { PromptCache = Automatic with { MinTokens = 2048 } },
        [UpstreamKind.Gemini] = new(UpstreamEndpoint.Gemini, "https://generativelanguage.googleapis.com/v1") { PromptCache = Automatic with { MinTokens = 2048 } },
        [UpstreamKind.Bedrock] = new(UpstreamEndpoint.Bedrock, "https://bedrock-runtime.REGION.amazonaws.com")
        {
            Authentication = UpstreamAuthentication.Aws, PromptCache = Automatic with { NeedsMarks = true },
        },
    }.ToFrozenDictionary();

    /// <summary>Members of requests that it knows under another name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Renames { get; init; } = [];

    /// <summary>Whether it is asked for a count in streams.</summary>
    public bool AsksForStreamUsage { get; init; } = true;

    /// <summary>How it is shown who calls, unless the configuration says otherwise.</summary>
    public UpstreamAuthentication Authentication { get; init; }

    /// <summary>How it caches prompts; null where that is not known.</summary>
    public PromptCache? PromptCache { get; init; }

    /// <summary>What is known of a kind.</summary>
    public static UpstreamPreset Of(UpstreamKind kind) => All[kind];

    /// <summary>What a model's configuration says, and where that is silent what the kind has.</summary>
    public CallOptions Complete(CallOptions options)
    {
        var silent = Renames.Where(rename => !options.DropParameters.Contains(rename.Key)
            && !options.RenameParameters.Any(own => own.Key == rename.Key || own.Value == rename.Value || own.Key == rename.Value)).ToList();
        return silent.Count == 0 ? options : options with { RenameParameters = [.. options.RenameParameters, .. silent] };
    }
}
