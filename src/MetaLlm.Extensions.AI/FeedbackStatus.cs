using System.Text.Json.Serialization;

namespace MetaLlm.Extensions.AI;

/// <summary>What became of feedback.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeedbackStatus>))]
public enum FeedbackStatus
{
    /// <summary>It is recorded, and is learned from.</summary>
    Accepted = 0,

    /// <summary>It says what was recorded before; nothing was changed.</summary>
    Duplicate = 1,

    /// <summary>The tenant cannot be reached at the moment. It is kept on disk (<see cref="FeedbackClientOptions.Directory"/>) and recorded later.</summary>
    Deferred = 2,

    /// <summary>There is no such decision or conversation.</summary>
    UnknownDecision = 3,

    /// <summary>Its idempotency key came with other content before; nothing was changed.</summary>
    Conflict = 4,

    /// <summary>The call of the decision gave no answer, so that there is nothing to judge.</summary>
    NeverRan = 5,
}
