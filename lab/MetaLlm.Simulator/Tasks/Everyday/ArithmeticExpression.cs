namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Evaluates sums, products, quotients, powers and brackets by recursive descent.</summary>
internal ref struct ArithmeticExpression
{
    private const int DeepestBracket = 20;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private ArithmeticExpression(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The value, or null when the text is no expression, divides by zero or leaves the range of decimal numbers.</summary>
    public static decimal? Evaluate(string text)
    {
        try
        {
            var parser = new ArithmeticExpression(text.Replace(" ", "", StringComparison.Ordinal));
            var value = parser.Sum();
            return parser._at == parser._text.Length ? value : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private decimal Sum()
    {
        var value = Product();
        while (true)
        {
            if (Take('+'))
            {
                value += Product();
            }
            else if (Take('-'))
            {
                value -= Product();
            }
            else
            {
                return value;
            }
        }
    }

    private decimal Product()
    {
        var value = Power();
        while (true)
        {
            if (Take('*'))
            {
                value *= Power();
            }
            else if (Take('/'))
            {
                value /= Power();
            }
            else
            {
                return value;
            }
        }
    }

    private decimal Power()
    {
        // As in mathematics, -3^2 is -9.
        if (Take('-'))
        {
            return -Power();
        }

        var value = Operand();
        if (!Take('^'))
        {
            return value;
        }

        var exponent = Operand();
        if (exponent != decimal.Truncate(exponent) || exponent is < 0 or > 64)
        {
            throw new FormatException("Exponents are whole numbers from 0 to 64.");
        }

        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= value;
        }

        return power;
    }

    private decimal Operand()
    {
        if (Take('('))
        {
            if (++_depth > DeepestBracket)
            {
                throw new FormatException("The brackets are too deep.");
            }

            var inner = Sum();
            _depth--;
            return Take(')') ? inner : throw new FormatException("A bracket is not closed.");
        }

        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or ','))
        {
            _at++;
        }

        return NumberText.Parse(_text[start.._at].ToString()) ?? throw new FormatException("A number is missing.");
    }

    private bool Take(char sign)
    {
        if (_at < _text.Length && _text[_at] == sign)
        {
            _at++;
            return true;
        }

        return false;
    }
}
