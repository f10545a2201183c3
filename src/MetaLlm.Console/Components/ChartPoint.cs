namespace MetaLlm.WebConsole.Components;

/// <summary>A point of a chart.</summary>
/// <param name="X">Its position; a time in seconds since 1970 on an axis of time.</param>
/// <param name="Y">Its value; NaN for a gap.</param>
/// <param name="Low">Lower end of its interval; null for none.</param>
/// <param name="High">Upper end of its interval; null for none.</param>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null);
