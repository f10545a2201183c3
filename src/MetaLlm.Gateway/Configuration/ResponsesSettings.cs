using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What is kept of responses (<c>POST /v1/responses</c>), so that clients may read them and go on from them.</summary>
public sealed record ResponsesSettings
{
    /// <summary>How long a response is kept, with what was asked, days. With 0 nothing is kept, and requests that go on from a response are refused.</summary>
    /// <value>Default 30; 0 to 3,650.</value>
    [Range(0, 3650)]
    public int Days { get; init; } = 30;
}
