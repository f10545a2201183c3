namespace MetaLlm.Gateway.Configuration;

/// <summary>What a cascade does with answers that are streamed.</summary>
public enum CascadedStreams
{
    /// <summary>They leave as they come, and are not weighed.</summary>
    Pass = 0,

    /// <summary>They are weighed before any of it is sent: the client waits for the whole first answer, and gets signs of life meanwhile.</summary>
    Wait = 1,
}
