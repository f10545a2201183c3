namespace MetaLlm.Gateway.Authentication;

/// <summary>The words for what keys open.</summary>
internal static class KeyRights
{
    /// <summary>Words for scopes of a tenant's key.</summary>
    public static IReadOnlyDictionary<string, KeyScope> ScopeWords { get; } = new Dictionary<string, KeyScope>(StringComparer.Ordinal)
    {
        ["chat"] = KeyScope.Chat,
        ["feedback"] = KeyScope.Feedback,
        ["read"] = KeyScope.Read,
    };

    /// <summary>Words for roles of a key that manages.</summary>
    public static IReadOnlyDictionary<string, AdminRole> RoleWords { get; } = new Dictionary<string, AdminRole>(StringComparer.Ordinal)
    {
        ["read"] = AdminRole.Read,
        ["operate"] = AdminRole.Operate,
        ["own"] = AdminRole.Own,
    };

    /// <summary>All scopes of some words; a word of a newer build opens nothing here.</summary>
    public static KeyScope Scopes(IEnumerable<string> words) => words.Aggregate(KeyScope.None, (scopes, word) => scopes | ScopeWords.GetValueOrDefault(word));

    /// <summary>The role of a word; null for none that is known here.</summary>
    public static AdminRole? Role(string word) => RoleWords.TryGetValue(word, out var role) ? role : null;

    /// <summary>The word of a role.</summary>
    public static string Word(AdminRole role) => RoleWords.First(known => known.Value == role).Key;
}
