namespace MetaLlm.WebConsole;

/// <summary>Names the texts of the playground and of the pages that manage. Keys are the English texts; <c>Resources/ManageTexts.de.resx</c> holds the German ones.</summary>
internal sealed class ManageTexts;
