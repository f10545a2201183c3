namespace MetaLlm.Simulator.Faults;

/// <summary>Fault kinds on the wire.</summary>
internal static class FaultNames
{
    public static string Legal { get; } = "429, 500, 503, " + EnumNames.List<FaultKind>();

    public static bool TryParse(string? name, out FaultKind kind)
    {
        switch (name)
        {
            case "429":
                kind = FaultKind.RateLimit;
                return true;
            case "500":
                kind = FaultKind.ServerError;
                return true;
            case "503":
                kind = FaultKind.Unavailable;
                return true;
            default:
                return EnumNames.TryParse(name, out kind);
        }
    }
}
