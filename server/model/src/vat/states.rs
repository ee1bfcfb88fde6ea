//! The rule of each member state, for what follows the two letters.

/// Whether the rest of a number obeys its state's rule.
pub(super) fn is_right(letters: &str, rest: &str) -> bool {
    match letters {
        "AT" => rest.strip_prefix('U').is_some_and(austria),
        "CY" => cyprus(rest),
        "ES" => spain(rest),
        "FR" => france(rest),
        "IE" => ireland(rest),
        "NL" => netherlands(rest),
        _ => digits(rest).is_some_and(|digits| in_digits(letters, &digits)),
    }
}

fn in_digits(letters: &str, digits: &[u32]) -> bool {
    let length = digits.len();
    match letters {
        "BE" => length == 10 && value(digits.iter().take(8)) % 97 + value(digits.iter().skip(8)) == 97,
        "BG" => bulgaria(digits),
        "CZ" => czechia(digits),
        "DE" => length == 9 && digits.first() != Some(&0) && iso_7064(digits),
        "DK" => length == 8 && weighted(digits, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
        "EE" => length == 9 && weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10),
        "EL" => length == 9 && weighted(digits, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == last(digits),
        "FI" => length == 8 && weighted(digits, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11),
        "HR" => length == 11 && iso_7064(digits),
        "HU" => length == 8 && weighted(digits, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10),
        "IT" => length == 11 && luhn(digits),
        "LT" => lithuania(digits),
        "LU" => length == 8 && value(digits.iter().take(6)) % 89 == value(digits.iter().skip(6)),
        "LV" => latvia(digits),
        "MT" => length == 8 && weighted(digits, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37),
        "PL" => length == 10 && weighted(digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == last(digits),
        "PT" => {
            length == 9 && complement(weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2]), 11) % 10 == last(digits)
        }
        "RO" => romania(digits),
        "SE" => length == 12 && luhn(digits.get(..10).unwrap_or_default()),
        "SI" => slovenia(digits),
        "SK" => {
            let third = digits.get(2).copied().unwrap_or_default();
            let possible = digits.first() != Some(&0) && [2, 3, 4, 7, 8, 9].contains(&third);
            length == 10 && possible && value(digits.iter()) % 11 == 0
        }
        _ => false,
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|letter| letter.to_digit(10)).collect()
}

fn last(digits: &[u32]) -> u32 {
    digits.last().copied().unwrap_or_default()
}

fn value<'a>(digits: impl Iterator<Item = &'a u32>) -> u64 {
    digits.fold(0, |sum, digit| sum * 10 + u64::from(*digit))
}

/// The sum of the leading digits, each times its weight.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// What is missing to the next multiple of `modulus`; 0 where nothing is.
fn complement(sum: u32, modulus: u32) -> u32 {
    (modulus - sum % modulus) % modulus
}

/// The digit sum of twice the digit.
fn doubled(digit: u32) -> u32 {
    digit * 2 / 10 + digit * 2 % 10
}

fn luhn(digits: &[u32]) -> bool {
    let of = |(place, digit): (usize, &u32)| if place % 2 == 1 { doubled(*digit) } else { *digit };
    let sum: u32 = digits.iter().rev().enumerate().map(of).sum();
    sum.is_multiple_of(10)
}

/// ISO 7064, modulus 11,10: the last digit checks those before.
fn iso_7064(digits: &[u32]) -> bool {
    let body = digits.get(..digits.len().saturating_sub(1)).unwrap_or_default();
    let step = |product: u32, digit: &u32| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    };
    (body.iter().fold(10, step) + last(digits)) % 10 == 1
}

fn austria(rest: &str) -> bool {
    let Some(digits) = digits(rest).filter(|digits| digits.len() == 8) else {
        return false;
    };
    let of = |(place, digit): (usize, &u32)| if place % 2 == 1 { doubled(*digit) } else { *digit };
    let sum: u32 = digits.iter().take(7).enumerate().map(of).sum();
    complement(sum + 4, 10) == last(&digits)
}

fn bulgaria(digits: &[u32]) -> bool {
    if digits.len() == 9 {
        let first = weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let second = weighted(digits, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10;
        return last(digits) == if first == 10 { second } else { first };
    }
    let person = weighted(digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let foreigner = weighted(digits, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
    let other = complement(weighted(digits, &[4, 3, 2, 7, 6, 5, 4, 3, 2]), 11);
    digits.len() == 10 && [person, foreigner, other].contains(&last(digits))
}

fn cyprus(rest: &str) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let Some((body, letter)) = rest
        .char_indices()
        .next_back()
        .and_then(|(place, letter)| Some((digits(rest.get(..place)?)?, letter)))
    else {
        return false;
    };
    if body.len() != 8 || body.starts_with(&[1, 2]) {
        return false;
    }
    let of = |(place, digit): (usize, &u32)| -> u32 {
        let odd = usize::try_from(*digit).ok().and_then(|digit| ODD.get(digit));
        if place % 2 == 0 {
            odd.copied().unwrap_or_default()
        } else {
            *digit
        }
    };
    let sum: u32 = body.iter().enumerate().map(of).sum();
    letter_at("ABCDEFGHIJKLMNOPQRSTUVWXYZ", u64::from(sum % 26)) == Some(letter)
}

fn letter_at(alphabet: &str, place: u64) -> Option<char> {
    alphabet.chars().nth(usize::try_from(place).ok()?)
}

fn czechia(digits: &[u32]) -> bool {
    match digits.len() {
        8 => {
            let check = complement(weighted(digits, &[8, 7, 6, 5, 4, 3, 2]), 11);
            digits.first() != Some(&9) && (if check == 0 { 1 } else { check }) % 10 == last(digits)
        }
        // Numbers of people born before 1954 have no check digit; those that begin with 6 are given by the tax office.
        9 => true,
        10 => {
            let body = value(digits.iter().take(9)) % 11 % 10;
            body == u64::from(last(digits))
        }
        _ => false,
    }
}

fn spain(rest: &str) -> bool {
    const PEOPLE: &str = "TRWAGMYFPDXBNJZSQVHLCKE";
    let mut letters = rest.chars();
    let (Some(first), Some(check)) = (letters.next(), letters.next_back()) else {
        return false;
    };
    let middle = letters.as_str();
    if rest.len() != 9 {
        return false;
    }
    let Some(body) = digits(middle) else { return false };
    let of_person = |lead: u64| {
        let number = lead * 10_000_000 + value(body.iter());
        letter_at(PEOPLE, number % 23) == Some(check)
    };
    match first {
        '0'..='9' => of_person(u64::from(first.to_digit(10).unwrap_or_default())),
        'X' | 'K' | 'L' | 'M' => of_person(0),
        'Y' => of_person(1),
        'Z' => of_person(2),
        'A'..='H' | 'J' | 'N' | 'P'..='S' | 'U' | 'V' | 'W' => {
            let of = |(place, digit): (usize, &u32)| if place % 2 == 0 { doubled(*digit) } else { *digit };
            let control = complement(body.iter().enumerate().map(of).sum(), 10);
            let as_letter = letter_at("JABCDEFGHI", u64::from(control)) == Some(check);
            let as_digit = check.to_digit(10) == Some(control);
            match first {
                'N' | 'P' | 'Q' | 'R' | 'S' | 'W' => as_letter,
                'A' | 'B' | 'E' | 'H' => as_digit,
                _ => as_letter || as_digit,
            }
        }
        _ => false,
    }
}

fn france(rest: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (Some(key), Some(siren)) = (rest.get(..2), rest.get(2..)) else {
        return false;
    };
    let Some(body) = digits(siren).filter(|digits| digits.len() == 9) else {
        return false;
    };
    // Numbers of Monaco begin with 000 and have no check digit of their own.
    if !luhn(&body) && !siren.starts_with("000") {
        return false;
    }
    let number = value(body.iter());
    if let Some(key) = digits(key) {
        return (number * 100 + 12) % 97 == value(key.iter());
    }
    let places: Option<Vec<u64>> = key
        .chars()
        .map(|letter| ALPHABET.chars().position(|one| one == letter))
        .map(|place| place.and_then(|place| u64::try_from(place).ok()))
        .collect();
    let Some([first, second]) = places.as_deref() else {
        return false;
    };
    let check = if *first < 10 {
        first * 24 + second
    } else {
        first * 34 + second - 90
    };
    let Some(check) = check.checked_sub(10) else {
        return false;
    };
    (number + 1 + check / 11) % 11 == check % 11
}

fn ireland(rest: &str) -> bool {
    const ALPHABET: &str = "WABCDEFGHIJKLMNOPQRSTUV";
    let letters: Vec<char> = rest.chars().collect();
    let check_of = |digits: &[u32], extra: Option<char>| {
        let place = extra.map_or(Some(0), |extra| ALPHABET.chars().position(|one| one == extra));
        let extra = u32::try_from(place?).ok()?;
        letter_at(
            ALPHABET,
            u64::from((weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) + 9 * extra) % 23),
        )
    };
    let (Some(head), Some(check)) = (letters.get(..7), letters.get(7)) else {
        return false;
    };
    let head_digits: Option<Vec<u32>> = head.iter().map(|letter| letter.to_digit(10)).collect();
    match (head_digits, letters.len()) {
        (Some(body), 8) => check_of(&body, None) == Some(*check),
        (Some(body), 9) => check_of(&body, letters.get(8).copied()) == Some(*check),
        // The old form has a letter or sign in second place: its digits move up.
        (None, 8) => {
            let old: Option<Vec<u32>> = std::iter::once(Some(0))
                .chain(head.iter().skip(2).map(|letter| letter.to_digit(10)))
                .chain(head.iter().take(1).map(|letter| letter.to_digit(10)))
                .collect();
            old.is_some_and(|old| check_of(&old, None) == Some(*check))
        }
        _ => false,
    }
}

fn lithuania(digits: &[u32]) -> bool {
    let length = digits.len();
    let taxed = match length {
        9 => digits.get(7) == Some(&1),
        12 => digits.get(10) == Some(&1),
        _ => false,
    };
    let sum = |shift: u32| -> u32 {
        let body = digits.iter().take(length.saturating_sub(1));
        (0..)
            .zip(body)
            .map(|(place, digit)| (1 + (place + shift) % 9) * digit)
            .sum::<u32>()
            % 11
    };
    let first = sum(0);
    let check = if first == 10 { sum(2) % 10 } else { first };
    taxed && check == last(digits)
}

fn latvia(digits: &[u32]) -> bool {
    if digits.len() != 11 {
        return false;
    }
    match digits {
        // Given without the day of birth since 2017: nothing can be checked.
        [3, 2, ..] => true,
        [0..=3, ..] => (1 + weighted(digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10 == last(digits),
        _ => weighted(digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3,
    }
}

fn netherlands(rest: &str) -> bool {
    let (Some(body), Some(serial)) = (rest.get(..9), rest.get(10..)) else {
        return false;
    };
    let (Some(body), Some(serial)) = (digits(body), digits(serial)) else {
        return false;
    };
    if rest.get(9..10) != Some("B") || serial.len() != 2 {
        return false;
    }
    let company = weighted(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == last(&body);
    // Numbers of sole traders: the letters as in ISO 7064 (N 23, L 21, B 11), all of it modulus 97.
    let all = [2, 3, 2, 1]
        .iter()
        .chain(&body)
        .chain([1, 1].iter())
        .chain(&serial);
    company || all.fold(0_u64, |rest, digit| (rest * 10 + u64::from(*digit)) % 97) == 1
}

fn romania(digits: &[u32]) -> bool {
    let length = digits.len();
    let Some(skip) = 10_usize.checked_sub(length).filter(|_| length >= 2) else {
        return false;
    };
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let sum = weighted(
        digits.get(..length - 1).unwrap_or_default(),
        weights.get(skip..).unwrap_or_default(),
    );
    sum * 10 % 11 % 10 == last(digits)
}

fn slovenia(digits: &[u32]) -> bool {
    let check = 11 - weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    digits.len() == 8 && digits.first() != Some(&0) && check != 11 && check % 10 == last(digits)
}
