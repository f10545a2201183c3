using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.WebConsole;

/// <summary>The console: pages for people who run the router.</summary>
public sealed record ConsoleSettings
{
    /// <summary>Whether there is a console. Nothing of it is reachable otherwise.</summary>
    [NeedsRestart]
    public bool Enabled { get; init; }

    /// <summary>Where it stands.</summary>
    /// <value>Default <c>/console</c>; a slash and letters, digits, <c>-</c>, <c>_</c>, in as many parts as wished.</value>
    [NeedsRestart, StringLength(128), RegularExpression("(/[A-Za-z0-9_-]+)+", ErrorMessage = "it must be a path such as /console")]
    public string Path { get; init; } = "/console";

    /// <summary>For how long a session lasts after the sign-in, however much it is used. It ends before that when its key is deleted or expires.</summary>
    /// <value>Default 8 hours; 1 minute to 30 days.</value>
    [NeedsRestart, Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLength { get; init; } = TimeSpan.FromHours(8);

    /// <summary>
    /// Directory of the keys that protect sessions, made where it is missing. Gateways that share it share their sessions, and a restart ends none. Without it the keys are in memory alone.
    /// </summary>
    [NeedsRestart, StringLength(1024)]
    public string? KeyDirectory { get; init; }
}
