namespace MetaLlm.Lab;

/// <summary>Exit codes of every verb.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something failed that the input does not explain.</summary>
    public const int Failure = 1;

    /// <summary>Options or files were not usable; nothing was written.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by the user, as shells report an interrupt.</summary>
    public const int Cancelled = 130;
}
