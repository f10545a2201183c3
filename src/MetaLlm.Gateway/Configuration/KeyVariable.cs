namespace MetaLlm.Gateway.Configuration;

/// <summary>Keys never stand in a configuration: it names the environment variables that hold them.</summary>
internal static class KeyVariable
{
    /// <summary>The key that a member's environment variable holds; null when there is no such member or it is wrong.</summary>
    public static string? Read(SectionReader section, string member, SettingsContext context) =>
        section.Text(member) is { } variable ? Look(section, member, variable, context) : null;

    /// <summary>The key that an environment variable holds; null, and an error, when it is not set.</summary>
    public static string? Look(SectionReader section, string member, string variable, SettingsContext context)
    {
        var key = context.Variable(variable)?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            section.Fail(member, $"names the environment variable '{variable}', which is not set; it must hold a key.");
            return null;
        }

        return key;
    }
}
