using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What an upstream is.</summary>
public enum UpstreamKind
{
    /// <summary>A server that speaks the OpenAI format.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi = 0,

    /// <summary>Invented models that the host itself plays on a loopback port.</summary>
    Simulator = 1,
}
