namespace MetaLlm.WebConsole.Components;

/// <summary>How figures of a chart's axis are written.</summary>
public enum ChartFormat
{
    /// <summary>As numbers.</summary>
    Number,

    /// <summary>As percent, of shares.</summary>
    Percent,

    /// <summary>As US dollars.</summary>
    Usd,

    /// <summary>As times (UTC), of seconds since 1970.</summary>
    Time,
}
